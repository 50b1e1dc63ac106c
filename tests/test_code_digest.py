"""What another version of the code kept in the cache is not read by this one."""

from pathlib import Path

from django.conf import settings

from illico_platform.code_digest import code_digest


def test_any_changed_line_is_another_version(tmp_path: Path) -> None:
    file = tmp_path / "billing" / "public" / "shown.py"
    file.parent.mkdir(parents=True)
    file.write_text("a = 1\n")
    first = code_digest(tmp_path)
    assert code_digest(tmp_path) == first
    file.write_text("a = 2\n")
    second = code_digest(tmp_path)
    file.rename(file.with_name("seen.py"))
    assert len({first, second, code_digest(tmp_path)}) == 3


def test_the_site_keeps_its_figures_under_its_own_version() -> None:
    from illico_platform import settings as written

    assert written.CACHES["default"]["KEY_PREFIX"] == code_digest(settings.BASE_DIR)
