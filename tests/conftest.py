"""What every test stands on: the fixed cast."""

import pytest

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast, in the test's database."""
    return make_cast()
