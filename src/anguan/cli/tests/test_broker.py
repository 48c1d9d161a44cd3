"""The address of a broker: what it says, and what is wrong with it."""

import ssl
from pathlib import Path

import pytest

from anguan.cli.commands import check, gateway
from anguan.cli.errors import Unusable
from anguan.ground import clock
from anguan.ground.broker import Broker, broker_from_url


def test_an_address_says_all_that_is_needed() -> None:
    assert broker_from_url("mqtts://gate%40way@broker.example") == Broker(
        "broker.example", 8883, "anguan/signals", is_encrypted=True, user="gate@way"
    )
    told = broker_from_url("mqtt://a:b%2Fc@10.0.0.5:1884/city/fire/?client_id=second")
    assert (told.port, told.topic, told.secret(), told.client_id) == (1884, "city/fire", "b/c", "second")
    assert told.tls() is None
    assert "b/c" not in f"{told} {told!r}"


def test_a_certificate_is_looked_at_unless_that_is_switched_off(tmp_path: Path) -> None:
    usual = broker_from_url("mqtts://broker.example").tls()
    assert usual is not None
    assert (usual.verify_mode, usual.check_hostname) == (ssl.CERT_REQUIRED, True)
    trial = broker_from_url("mqtts://broker.example?verify=off").tls()
    assert trial is not None
    assert trial.verify_mode == ssl.CERT_NONE
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    assert broker_from_url(f"mqtts://a:b@broker.example?password_file={secret}").secret() == "from a file"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        pytest.param("broker.example:8883", "must be mqtts://", id="没有协议"),
        pytest.param("https://broker.example", "must be mqtts://", id="别的协议"),
        pytest.param("mqtts:///topic", "must be mqtts://", id="没有主机"),
        pytest.param("mqtts://broker.example:99999", "port", id="端口太大"),
        pytest.param("mqtts://broker.example/a/%2B", "without", id="通配符"),
        pytest.param("mqtts://broker.example?ca=x", "no option 'ca'", id="不认识的选项"),
        pytest.param("mqtt://broker.example?ca_file=x", "write mqtts://", id="没有加密却有证书"),
        pytest.param("mqtts://broker.example?verify=no", "on or off", id="不明的校验"),
    ],
)
def test_an_address_that_is_none_is_told_in_one_sentence(
    address: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANGUAN_MQTT_URL", address)
    with pytest.raises(Unusable) as refused:
        gateway.broker()
    assert why in str(refused.value)


def test_without_an_address_there_is_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANGUAN_MQTT_URL", raising=False)
    assert gateway.broker() is None


@pytest.mark.parametrize(
    ("address", "lack"),
    [
        pytest.param("", [], id="没有消息服务器"),
        pytest.param("mqtts://a:b@broker.example", [None], id="加密"),
        pytest.param("mqtt://127.0.0.1", [None], id="本机"),
        pytest.param("mqtt://broker.example", ["use mqtts://"], id="没有加密"),
        pytest.param("mqtts://broker.example?verify=off", ["verify=off"], id="不校验证书"),
        pytest.param("mqtts://broker.example?password_file=/nowhere", ["mend"], id="没有口令文件"),
        pytest.param("broker.example", ["mend"], id="不是地址"),
    ],
)
def test_a_check_says_what_is_risky_about_it(
    address: str, lack: list[str | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANGUAN_MQTT_URL", address)
    found = [said for _, said, _ in check._broker(tmp_path, clock.now())]
    assert len(found) == len(lack)
    for said, expected in zip(found, lack, strict=True):
        assert said is None if expected is None else expected in (said or "")
