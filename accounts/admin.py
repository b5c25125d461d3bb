"""People, their dated appointments, teams and areas, as administrators keep them. Nothing is deleted: it ends."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import Appointment, ServiceArea, Team, User


class KeptAdmin:
    """Administrators may see, add and change; nobody deletes. Who is an administrator, the site asks."""

    def has_module_permission(self, request):
        """The site has asked already."""
        return True

    def has_view_permission(self, request, obj=None):
        """The site has asked already."""
        return True

    def has_add_permission(self, request, obj=None):
        """The site has asked already."""
        return True

    def has_change_permission(self, request, obj=None):
        """Nobody changes what they may do themselves."""
        return getattr(obj, "user_id", None) != request.user.pk

    def has_delete_permission(self, request, obj=None):
        """Rows end, with a date; their history stays."""
        return False


class AppointmentInline(KeptAdmin, admin.TabularInline):
    """The appointments of a person, on the person's page."""

    model = Appointment
    fk_name = "user"
    extra = 0
    fields = ("role", "team", "area", "starts_at", "ends_at", "acting_for", "line_manager")
    autocomplete_fields = ("acting_for", "line_manager")

    def has_change_permission(self, request, obj=None):
        """Nobody changes their own appointments."""
        return obj is None or obj.pk != request.user.pk

    has_add_permission = has_change_permission


@admin.register(User)
class PersonAdmin(KeptAdmin, UserAdmin):
    """A person who signs in; what the person may do, the appointments below say."""

    list_display = ("username", "last_name", "first_name", "is_active")
    list_filter = ("is_active",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "is_active")}),
    )
    filter_horizontal = ()
    inlines = (AppointmentInline,)


@admin.register(Appointment)
class AppointmentAdmin(KeptAdmin, admin.ModelAdmin):
    """One appointment: who, in which role, where, from when to when."""

    list_display = ("user", "role", "team", "area", "starts_at", "ends_at", "acting_for")
    list_filter = ("role", "team", "area")
    search_fields = ("user__username", "user__last_name")
    autocomplete_fields = ("user", "acting_for", "line_manager")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Nobody appoints themselves, nor takes over somebody's appointment."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.exclude(pk=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Team, ServiceArea)
class PlaceAdmin(KeptAdmin, admin.ModelAdmin):
    """A team or a service area."""

    search_fields = ("name",)
