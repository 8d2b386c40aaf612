"""E-mail that is owed is a row, written with what it tells of; a worker sends it."""

import logging

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from tenants.models import Letter

log = logging.getLogger(__name__)


def owe(key, to, subject, text):
    """To somebody of the chosen tenant; the same key is one letter."""
    letter, is_new = Letter.objects.get_or_create(key=key, defaults={"to": to, "subject": subject, "text": text})
    if is_new:
        transaction.on_commit(lambda: tell_worker(letter.pk))


def tell_worker(number):
    """Where the broker is away the letter is sent all the same, when `send_letters` looks next."""
    try:
        send.apply_async((number,), retry=False)
    except (OSError, send.OperationalError) as error:
        log.warning("the broker is away: %s", type(error).__name__)


@shared_task(name="tenants.send")
def send(number):
    with transaction.atomic():
        letter = Letter.everywhere.select_for_update(skip_locked=True).filter(pk=number, sent_at=None).first()
        if letter and deliver(letter):
            letter.sent_at = timezone.now()
            letter.save(update_fields=["sent_at"])


def deliver(letter):
    """Where the mail server is away it stays owed."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    headers = {"Message-ID": f"<{letter.tenant_id}.{letter.pk}@{domain}>", "X-Key": letter.key}
    try:
        return EmailMessage(letter.subject, letter.text, to=[letter.to], headers=headers).send()
    except OSError as error:
        log.warning("the mail server is away: %s", type(error).__name__)
