"""What stands between the program and its server, and may lose the answer to its last word."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BYTES = 65536


class Proxy:
    """Passes on what a client and the server say, until the client commits `after` some word: then the line is cut.

    The server hears the commit, and its answer is lost, or it never hears it.
    """

    def __init__(self, port: int, *, heard: bool, after: bytes) -> None:
        self._heard = heard
        self._after = after
        self._is_after = False
        self._server = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.cuts = 0

    def serve(self) -> None:
        """Serves one client after the other, until it is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                with client, socket.create_connection(("127.0.0.1", self._server)) as server:
                    answers = threading.Thread(target=_pass_on, args=(server, client))
                    answers.start()
                    self._ask(client, server)
                    _shut(client)
                    answers.join()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        while said := client.recv(BYTES):
            self._is_after |= self._after in said
            if self._is_after and b"COMMIT\0" in said:
                self.cuts += 1
                _shut(client)
                if self._heard:
                    server.sendall(said)
                    server.shutdown(socket.SHUT_WR)  # it does what it heard, then finds nobody there
                    return
                break
            server.sendall(said)
        _shut(server)

    def close(self) -> None:
        """Serves nobody any more."""
        _shut(self._listening)
        self._listening.close()


@contextmanager
def proxy(port: int, *, heard: bool, after: bytes = b"") -> Iterator[Proxy]:
    """A proxy before the server at that port."""
    made = Proxy(port, heard=heard, after=after)
    serving = threading.Thread(target=made.serve)
    serving.start()
    try:
        yield made
    finally:
        made.close()
        serving.join()


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    """Until the server is done; what a client that is gone would have heard is lost."""
    while said := server.recv(BYTES):
        with suppress(OSError):
            client.sendall(said)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
