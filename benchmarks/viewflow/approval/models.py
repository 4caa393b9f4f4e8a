"""The process with the answers of its three tasks."""

from __future__ import annotations

from django.db import models
from viewflow.workflow.models import Process

AGAIN = (("yes", "是"), ("no", "否"))


class Approval(Process):
    """One run: a note, an amount and a choice for each step."""

    first_note = models.CharField(max_length=200, default="")
    first_amount = models.IntegerField(null=True)
    first_again = models.CharField(max_length=3, choices=AGAIN, default="no")
    second_note = models.CharField(max_length=200, default="")
    second_amount = models.IntegerField(null=True)
    second_again = models.CharField(max_length=3, choices=AGAIN, default="no")
    third_note = models.CharField(max_length=200, default="")
    third_amount = models.IntegerField(null=True)
    third_again = models.CharField(max_length=3, choices=AGAIN, default="no")
