"""The addresses of the intake. A declaration is `owner/incident/declaration`."""

from __future__ import annotations

from django.urls import include, path

from vigie.web.intake.views import exchanges, queue, sheet

ONE = "<str:owner>/<str:name>/<str:declaration>"

own = [
    path("intake/", queue.queue, name="queue"),
    path("intake/news", queue.news, name="news"),
    path("intake/causes", queue.causes, name="causes"),
    path("intake/causes/<str:group>", queue.cause, name="cause"),
    path("intake/support", queue.helps, name="helps"),
    path(f"intake/{ONE}/", sheet.declaration, name="declaration"),
    path(f"intake/{ONE}/qualify", sheet.qualify, name="qualify"),
    path(f"intake/{ONE}/<str:verb>", sheet.act, name="act"),
    path("exchanges/", exchanges.exchanges, name="exchanges"),
    path(f"exchanges/{ONE}", exchanges.thread, name="thread"),
]

urlpatterns = [path("", include((own, "intake")))]
