"""Addresses of the cartography."""

from __future__ import annotations

from django.urls import path

from vigie.web.maps import views

urlpatterns = [
    path("cartography", views.cartography, name="cartography"),
    path("cartography/adopt", views.adopt, name="cartography-adopt"),
    path("cartography/template.xlsx", views.template, name="cartography-template"),
    path("cartography/map.yaml", views.as_yaml, name="cartography-yaml"),
    path("cartography/map.xlsx", views.as_workbook, name="cartography-xlsx"),
]
