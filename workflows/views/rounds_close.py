"""Closing a round: the last act of a year, refused while anything is still on its way."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nominations.models import Round
from nominations.views.rounds import show
from workflows import acting, engine
from workflows.errors import Busy, StaleState


@require_POST
def close_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the round; show its page again with all that is still on its way, if anything is."""
    round = get_object_or_404(Round, pk=pk)
    try:
        engine.close_round(round, actor=request.user)
    except ValidationError as error:
        return show(request, pk, on_the_way=error.messages)
    except (StaleState, Busy) as error:
        return acting.conflict(request, error, url=reverse("nominations:round", kwargs={"pk": pk}))
    messages.success(request, _("The round of %(year)s is closed.") % {"year": round.year})
    return redirect("nominations:round", pk=pk)
