"""Threads of one process ask one site: every answer is whole, and one identity is one user."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.rest.api import Api


def test_threads_that_create_one_identity_get_one_201(api: Api) -> None:
    together = Barrier(6)

    def create(_: int) -> int:
        together.wait()
        return api.post("/v1/Users", {"Identity": "alice"}).status

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(create, range(6))) == [201] + [409] * 5


def test_a_list_meets_no_half_done_change(api: Api) -> None:
    together = Barrier(3)

    def come_and_go(name: str) -> None:
        together.wait()
        for _ in range(60):
            assert api.post("/v1/Users", {"Identity": name}).status == 201
            assert api.delete(f"/v1/Users/{name}").status == 204

    def look() -> None:
        together.wait()
        for _ in range(60):
            reply = api.get("/v1/Users")
            assert reply.status == 200
            assert len(reply["users"]) <= 2

    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(come_and_go, "a"), pool.submit(come_and_go, "b"), pool.submit(look)]
        for job in jobs:
            job.result()
