"""What is kept of a database beside it: backups, what they are made into again, and whether the database is sound."""

from __future__ import annotations

from bot.adapters.store.keeping.archive import archive
from bot.adapters.store.keeping.backup import Told, back_up
from bot.adapters.store.keeping.checking import Finding, findings
from bot.adapters.store.keeping.files import backup_name, backups_in, thin
from bot.adapters.store.keeping.folder import BackupFolder
from bot.adapters.store.keeping.manifest import Manifest
from bot.adapters.store.keeping.restore import restore

__all__ = [
    "BackupFolder",
    "Finding",
    "Manifest",
    "Told",
    "archive",
    "back_up",
    "backup_name",
    "backups_in",
    "findings",
    "restore",
    "thin",
]
