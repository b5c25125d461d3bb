"""Where a sign-in by the directory goes out and comes back, under the names that allauth knows."""

from django.urls import path

from config.directory import views

urlpatterns = [
    path("oidc/<provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]
