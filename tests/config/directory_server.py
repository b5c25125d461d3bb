"""A small council directory that speaks OpenID Connect, as a real one does: discovery, sign-in, token, keys, user info."""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "hearth", "known to both"


class Directory:
    """Who is signed in at the council, and what the directory says of them. A test may make it lie."""

    def __init__(self, address):
        self.address = address
        self.key = rsa.generate_private_key(65537, 2048)
        self.person = {"sub": "p-1", "email": "sam@example.gov.uk", "email_verified": True}
        self.lies = {}
        """Claims of the identity token that are not what they should be; None leaves one out."""
        self.signs_with, self.algorithm = self.key, "RS256"
        self.user_info = {}
        self.asked = {}
        """What was asked for, by the code that was given out."""

    def discovery(self):
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked):
        """The person is signed in at the council already: straight back, with a code."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form):
        """For whoever shows the code, the secret and what the challenge was made from; once."""
        asked = self.asked.pop(form.get("code"), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not asked or challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        if (form["client_id"], form["client_secret"], form["redirect_uri"]) != (CLIENT, SECRET, asked["redirect_uri"]):
            return None
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce")}
        claims = {name: value for name, value in (claims | self.person | self.lies).items() if value is not None}
        signed = jwt.encode(claims, self.signs_with, algorithm=self.algorithm, headers={"kid": "1"})
        return {"access_token": "for the user info", "token_type": "Bearer", "id_token": signed}


class Answers(BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self):
        directory, url = self.server.directory, urlsplit(self.path)
        if url.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.send_response(302)
            self.send_header("Location", directory.authorize(asked))
            self.end_headers()
            return
        answers = {
            "/.well-known/openid-configuration": directory.discovery,
            "/keys": directory.keys,
            "/userinfo": lambda: directory.person | directory.user_info,
        }
        self.say(answers[url.path]())

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.say(self.server.directory.token({name: values[0] for name, values in form.items()}))

    def say(self, answer):
        self.send_response(200 if answer else 400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer or {"error": "invalid_grant"}).encode())

    def log_message(self, *words):
        """Quiet."""


@contextmanager
def running():
    """A directory that answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.directory = Directory(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.directory
        finally:
            server.shutdown()
            thread.join()
