"""The active language: kept apart by threads and tasks, as Django keeps it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.local import Local
from asgiref.sync import sync_to_async
from django.utils import translation
from django.utils.translation import trans_real

from alliance import active_language
from alliance.active_language import ActiveTranslation


def test_it_is_kept_our_way_and_connecting_again_changes_nothing():
    kept = trans_real._active
    assert isinstance(kept, ActiveTranslation)
    active_language.connect()
    assert trans_real._active is kept


def test_a_language_that_was_active_before_stays_so(monkeypatch):
    before = Local()
    before.value = translation.trans_real.translation("ja")
    monkeypatch.setattr(trans_real, "_active", before)
    active_language.connect()
    assert isinstance(trans_real._active, ActiveTranslation)
    assert translation.get_language() == "ja"


def test_languages_within_each_other_come_back():
    with translation.override("ja"):
        with translation.override("en"):
            assert translation.get_language() == "en"
        with translation.override(None):
            assert translation.get_language() is None
            assert translation.gettext("Evidence") == "Evidence"
        assert translation.get_language() == "ja"
        assert translation.gettext("Evidence") != "Evidence"


def test_without_an_active_one_it_is_that_of_the_settings():
    with translation.override("ja"):
        translation.deactivate()
        assert translation.get_language() == "en"
        translation.deactivate()


def test_another_thread_has_its_own():
    with translation.override("ja"), ThreadPoolExecutor(1) as threads:
        assert threads.submit(translation.get_language).result() == "en"
        threads.submit(translation.activate, "en").result()
        assert translation.get_language() == "ja"


def test_tasks_have_their_own_and_take_it_along_to_threads():
    async def told(language: str) -> tuple[str | None, str | None]:
        translation.activate(language)
        await asyncio.sleep(0)
        return translation.get_language(), await sync_to_async(translation.get_language)()

    async def both() -> list[tuple[str | None, str | None]]:
        return await asyncio.gather(told("en"), told("ja"))

    # In a thread of its own: a browser test may have left a loop running in this one.
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(lambda: asyncio.run(both())).result() == [("en", "en"), ("ja", "ja")]


def test_what_is_not_set_is_told_as_of_any_object():
    active = ActiveTranslation()
    with pytest.raises(AttributeError):
        active.value  # noqa: B018
    active.value = "one"
    del active.value
    assert not hasattr(active, "value")
