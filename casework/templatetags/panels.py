"""Draws the panels that the apps add to a page."""

from django import template
from django.template.loader import get_template

register = template.Library()


@register.simple_tag(takes_context=True)
def show_panel(context, panel):
    """A panel (`casework.panels.Filled`) in its own template, which finds what it shows under its own names."""
    with context.push(title=panel.title, **panel.shows):
        return get_template(panel.template).template.render(context)
