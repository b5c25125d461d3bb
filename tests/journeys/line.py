"""The line between a browser and Hearth, which a journey can cut, and on which answers can be lost or be errors."""

import contextlib
import socket
import threading

PIECE = 65536
FAILURE = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Line:
    """Passes on what is sent to an address; `cut` for no connection, `swallow` for an answer that never arrives."""

    def __init__(self, url):
        host, port = url.removeprefix("http://").split(":")
        self.to = (host, int(port))
        self.is_cut = self.fails = False
        self.swallows = ""
        self.open = set()
        self.listening = socket.create_server(("localhost", 0))
        self.url = f"http://localhost:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self):
        """From now on nothing arrives, and what is under way breaks off."""
        self.is_cut = True
        for one in list(self.open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self):
        """There is a connection again."""
        self.is_cut, self.fails, self.swallows = False, False, ""

    def swallow(self, request):
        """What is sent with this beginning arrives, and its answer is lost with the line."""
        self.swallows = request

    def close(self):
        """Nobody needs it any more."""
        self.cut()
        self.listening.close()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                if self.is_cut:
                    near.close()
                else:
                    threading.Thread(target=self._pass_on, args=[near], daemon=True).start()

    def _pass_on(self, near):
        with contextlib.suppress(OSError), near, socket.create_connection(self.to) as far:
            self.open |= {near, far}
            threading.Thread(target=self._pass_back, args=[far, near], daemon=True).start()
            while piece := near.recv(PIECE):
                if self.fails:
                    near.sendall(FAILURE)
                    break
                is_swallowed = self.swallows and self.swallows.encode() in piece
                far.sendall(piece)
                if is_swallowed:
                    self.is_cut = True
            self._end(far)
        self.open.discard(near)

    def _pass_back(self, far, near):
        with contextlib.suppress(OSError):
            while piece := far.recv(PIECE):
                if self.is_cut:
                    self._end(near)
                    return
                near.sendall(piece)
            self._end(near)
        self.open.discard(far)

    @staticmethod
    def _end(one):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
