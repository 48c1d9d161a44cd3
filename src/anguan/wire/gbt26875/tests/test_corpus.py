"""The fuzzer's stored corpus, played again: each input once reached something that no other did."""

import pytest

from anguan.wire.gbt26875.tests.fuzzing import check, corpus


@pytest.mark.parametrize("part", range(8))
def test_no_stored_input_breaks_a_promise(part: int) -> None:
    inputs = corpus()[part::8]
    assert inputs
    for data in inputs:
        check(data)
