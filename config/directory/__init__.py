"""Signing in by the authority's directory: OpenID Connect by allauth, with every check that the standard knows.

Allauth trusts what it fetched by itself over TLS. Here the identity token is checked in any case: signature, issuer,
audience, time, and the nonce that binds it to the browser that asked; and the person is the one that the token names.
"""
