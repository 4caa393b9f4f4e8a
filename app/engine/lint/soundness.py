"""The place of the soundness rule: passes on what `app.engine.soundness.check_soundness` finds, once it is there."""

from __future__ import annotations
