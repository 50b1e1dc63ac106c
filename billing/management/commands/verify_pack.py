"""manage.py verify_pack: whether an auditor's pack is as it was made. It needs no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from billing.services.pack_file import check_pack
from illico_platform.lib.errors import UnusableInput
from illico_platform.terminal import DONE, NEEDS_A_PERSON, TerminalCommand


class Command(TerminalCommand):
    help = "Vérifier un dossier de preuve : chaque fichier, chaque total, chaque octet. Sans base de données."
    needs_database = False

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", type=Path, help="the zip that export proofs wrote")

    def work(self, *, pack: Path, **options: Any) -> tuple[dict[str, Any], int]:
        try:
            with pack.open("rb") as file:
                found = check_pack(file)
        except OSError as error:
            raise UnusableInput(f"{str(pack)!r} cannot be read: {error.strerror or error}") from error
        return {
            "pack": str(pack),
            "sha256": found.sha256,
            "files": len(found.members),
            "calls": found.calls,
            "faults": found.faults,
        }, NEEDS_A_PERSON if found.faults else DONE

    def show(self, result: dict[str, Any]) -> None:
        for fault in result["faults"]:
            self.stderr.write(fault)
        words = "does not verify" if result["faults"] else "verifies"
        self.stdout.write(f"{result['pack']} {words}: {result['files']} files, {result['calls']} calls")
        self.stdout.write(f"sha256 {result['sha256']}")
