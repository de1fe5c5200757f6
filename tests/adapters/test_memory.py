"""The store in memory keeps the contract of every store."""

from __future__ import annotations

import pytest

from bot.adapters.memory import Memory
from tests.adapters.asking_contract import *  # noqa: F403
from tests.adapters.diary_contract import *  # noqa: F403
from tests.adapters.digest_contract import *  # noqa: F403
from tests.adapters.exports_contract import *  # noqa: F403
from tests.adapters.hubs_contract import *  # noqa: F403
from tests.adapters.items_contract import *  # noqa: F403
from tests.adapters.joining_contract import *  # noqa: F403
from tests.adapters.leases_contract import *  # noqa: F403
from tests.adapters.outbox_contract import *  # noqa: F403
from tests.adapters.people_contract import *  # noqa: F403
from tests.adapters.polling_contract import *  # noqa: F403
from tests.adapters.store_contract import *  # noqa: F403
from tests.adapters.subscribing_contract import *  # noqa: F403
from tests.adapters.watching_contract import *  # noqa: F403


@pytest.fixture
def store():
    return Memory()
