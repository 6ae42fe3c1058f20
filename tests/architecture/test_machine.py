"""The tests' own fences hold: no way out of this machine."""

import socket

import pytest


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="must not reach"):
        outside.connect(("192.0.2.1", 25))


def test_a_test_can_reach_its_own_machine() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()

        client.connect(server.getsockname())

        assert client.getpeername() == server.getsockname()
