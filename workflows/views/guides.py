"""The guides under “?”: that of the reader's own role first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from permissions import grants
from workflows import guides


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Lead to the guide of the role that the reader holds today."""
    return redirect("workflows:guide", name=guides.for_posts(list(grants.posts_of(request.user))))


@require_safe
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """Show one guide, and the way to the others."""
    if name not in guides.names():
        raise Http404
    every = [guides.read(other) for other in guides.names()]
    return render(request, "workflows/guide.html", {"guide": guides.read(name), "guides": every})
