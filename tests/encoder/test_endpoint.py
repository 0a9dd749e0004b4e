"""The HTTP backend against a real server on this machine that speaks the protocol, well and badly."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from matching.encoder import EncoderAway, InMemory, Service, endpoint, foreign
from matching.encoder.languages import parallel_texts
from tests.encoder.hostile import HOSTILE
from tests.encoder.played import DIM, Handler, Server, embedding


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(endpoint, "_PAUSE", 0.0)
    with Server() as made:
        made.start()
        yield made
        made.shutdown()


@pytest.fixture
def raw(server: Server) -> endpoint.Endpoint:
    return endpoint.Endpoint(server.address, "some-model", "key-of-the-portal")


def test_request_is_as_the_protocol_says(server: Server, raw: endpoint.Endpoint) -> None:
    raw.embed(["New lamps.", "街灯"])
    expected = {"model": "some-model", "input": ["New lamps.", "街灯"], "encoding_format": "float"}
    assert server.asked == [{"path": "/v1/embeddings", **expected}]
    assert server.headers[0]["Authorization"] == "Bearer key-of-the-portal"


def test_without_a_key_none_is_sent(server: Server) -> None:
    endpoint.Endpoint(server.address, "some-model").embed(["x"])
    assert "Authorization" not in server.headers[0]


def test_vectors_come_in_the_order_of_the_texts_whatever_the_server_says_first(raw: endpoint.Endpoint) -> None:
    texts = ["New lamps.", "A flood barrier.", "Bus lanes."]
    np.testing.assert_allclose(raw.embed(texts), [embedding(text) for text in texts], rtol=1e-6)


def test_many_texts_go_in_batches(server: Server, raw: endpoint.Endpoint) -> None:
    assert raw.embed([f"text {number}" for number in range(150)]).shape == (150, DIM)
    assert server.sizes == [64, 64, 22]


def test_server_that_takes_fewer_at_once_gets_fewer(server: Server, raw: endpoint.Endpoint) -> None:
    server.most_texts = 20
    texts = [f"text {number}" for number in range(40)]
    np.testing.assert_allclose(raw.embed(texts), [embedding(text) for text in texts], rtol=1e-6)


def test_text_too_long_for_the_server_is_cut(server: Server, raw: endpoint.Endpoint) -> None:
    server.most_characters = 1000
    raw.embed(["short", "x" * 4000])
    assert [[len(text) for text in body["input"]] for body in server.asked][-1] == [1000]


def test_server_that_refuses_everything_is_away(server: Server, raw: endpoint.Endpoint) -> None:
    server.most_characters = 0
    with pytest.raises(EncoderAway, match=r"answered 422: .*too much"):
        raw.embed(["a", "b" * 1000])


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_failure_is_tried_again(server: Server, raw: endpoint.Endpoint, status: int) -> None:
    server.failures = [status]
    assert raw.embed(["x"]).shape == (1, DIM)
    assert len(server.asked) == 2


@pytest.mark.parametrize(("status", "asked"), [(401, 1), (404, 1), (307, 1), (503, 2)])
def test_lasting_failure_says_what_the_server_said(
    server: Server, raw: endpoint.Endpoint, status: int, asked: int
) -> None:
    server.failures = [status] * 2
    with pytest.raises(EncoderAway, match=f"127.0.0.1:.* answered {status}: .*not now"):
        raw.embed(["x"])
    assert len(server.asked) == asked


def test_failure_never_shows_the_key(server: Server, raw: endpoint.Endpoint) -> None:
    server.failures = [500] * 2
    with pytest.raises(EncoderAway) as caught:
        raw.embed(["x"])
    assert "key-of-the-portal" not in str(caught.value) + repr(raw)


def test_nobody_at_the_address_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_PAUSE", 0.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(EncoderAway, match="refused"):
        endpoint.Endpoint(address, "m").embed(["x"])


BAD: dict[str, Any] = {
    "no JSON": b"<html>",
    "half of it": b'{"data": [{"index": 0, "embed',
    "a list": [1, 2],
    "no data": {"vectors": []},
    "too few": {"data": []},
    "no index": {"data": [{"embedding": [1.0]}]},
    "another index": {"data": [{"index": 7, "embedding": [1.0]}]},
    "words": {"data": [{"index": 0, "embedding": ["a", "b"]}]},
    "nothing": {"data": [{"index": 0, "embedding": []}]},
    "null": {"data": [{"index": 0, "embedding": None}]},
    "not a number": {"data": [{"index": 0, "embedding": [float("nan"), 1.0]}]},
    "nested": {"data": [{"index": 0, "embedding": [[1.0], [2.0]]}]},
    "endless numbers": {"data": [{"index": 0, "embedding": [0.5] * 16_001}]},
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD.keys())
def test_answer_that_is_none_is_refused(server: Server, raw: endpoint.Endpoint, answer: Any) -> None:
    server.answer = lambda texts: answer
    with pytest.raises(EncoderAway, match=r"127\.0\.0\.1"):
        raw.embed(["x"])


def test_answer_longer_than_memory_allows_is_broken_off(
    server: Server, raw: endpoint.Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "_MAX_BYTES", 100_000)
    server.answer = lambda texts: b" " * 1_000_000
    with pytest.raises(EncoderAway, match="longer than 100000 bytes"):
        raw.embed(["x"])


def test_answer_that_drips_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes well within the socket's timeout; only the deadline of the whole ends it."""
    monkeypatch.setattr(endpoint, "_TIMEOUT", 0.3)
    monkeypatch.setattr(endpoint, "_PAUSE", 0.0)

    class Dripping(Handler):
        def send(self, status: int, content: Any) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _byte in range(1000):
                try:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.02)

    with Server() as server:
        server.RequestHandlerClass = Dripping
        server.start()
        with pytest.raises(EncoderAway, match="took too long"):
            endpoint.Endpoint(server.address, "m").embed(["x"])
        server.shutdown()


# --- As a backend: language taken out, unit vectors, an id ------------------------------------------------------------


def service(server: Server, **more: Any) -> Service:
    return Service(server.address, model="some-model", key="secret", **more)


def test_hostile_texts_give_unit_vectors(server: Server) -> None:
    vectors = foreign(service(server), InMemory()).embed(HOSTILE, "query")
    assert (vectors.shape, vectors.dtype) == ((len(HOSTILE), DIM), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_means_of_the_calibration_languages_are_the_same(server: Server) -> None:
    encoder = foreign(service(server), InMemory())
    means = np.stack([encoder.embed(texts, "passage").mean(axis=0) for texts in parallel_texts().values()])
    plain = np.stack([np.mean([embedding(text) for text in texts], axis=0) for texts in parallel_texts().values()])
    assert np.ptp(means, axis=0).max() < np.ptp(plain, axis=0).max() / 2


def test_directions_are_estimated_once_and_kept(server: Server) -> None:
    kept = InMemory()
    foreign(service(server), kept).embed(["x"], "query")
    asked = len(server.asked)
    foreign(service(server), kept).embed(["x"], "query")
    assert len(server.asked) == asked + 1


def test_id_is_known_without_asking_and_changes_with_what_changes_a_vector(server: Server) -> None:
    services = [
        service(server),
        Service(server.address, model="other-model"),
        Service(server.address + "/other", model="some-model"),
        service(server, prefixes={"query": "query:"}),
    ]
    ids = [foreign(one, InMemory()).id for one in services]
    assert len(set(ids)) == 4
    assert {name.partition("-")[0] for name in ids} == {"http"}
    assert foreign(Service(server.address, model="some-model", key="another"), InMemory()).id == ids[0]
    assert server.asked == []


def test_prefix_stands_before_every_text_of_its_kind(server: Server) -> None:
    encoder = foreign(service(server, prefixes={"query": "query:", "passage": "passage:"}), InMemory())
    encoder.embed(["lamps"], "passage")
    assert server.asked[-1]["input"] == ["passage: lamps"]


def test_model_that_changes_its_length_is_refused(server: Server) -> None:
    encoder = foreign(service(server), InMemory())
    encoder.embed(["x"], "query")
    server.answer = lambda texts: {"data": [{"index": index, "embedding": [1.0] * 5} for index in range(len(texts))]}
    with pytest.raises(EncoderAway, match=f"5 numbers a text; {DIM} were stored"):
        encoder.embed(["y"], "query")


def test_vector_of_nothing_is_refused(server: Server) -> None:
    server.answer = lambda texts: {"data": [{"index": index, "embedding": [0.0] * DIM} for index in range(len(texts))]}
    with pytest.raises(EncoderAway, match="without a direction"):
        foreign(service(server), InMemory()).embed(["x"], "query")
