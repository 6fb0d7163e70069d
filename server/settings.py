"""The program's settings: one frozen object from the environment, checked before anything starts."""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

DEFAULT_DATABASE = "var/raati.db"
SHORTEST = 32  # signs of a secret


class SettingsError(Exception):
    """A setting is wrong; the message says which and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """What an installation decides. ``database`` is an SQLAlchemy URL."""

    database: str
    base_url: str
    mail: str
    secret: str
    demo: bool = False
    proxies: int = 0
    weak_durability: bool = False

    @property
    def secure(self) -> bool:
        """Whether the base address is on https."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host, with port if any, that requests must name."""
        return urlsplit(self.base_url).netloc

    def cookie(self, name: str) -> str:
        """Return a cookie's name: bound to this host where the connection is safe."""
        return f"__Host-{name}" if self.secure else name


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of the environment; secrets may stand in files. Raises SettingsError."""
    values = {name: value for name, value in environment.items() if name.startswith("RAATI_")}
    for name, path in list(values.items()):
        if name.endswith("_FILE"):
            values[name.removesuffix("_FILE")] = read_secret_file(name, path)
    location = values.get("RAATI_DATABASE", DEFAULT_DATABASE)
    return Settings(
        database=database_url(location),
        base_url=base_url(values.get("RAATI_BASE_URL", "http://127.0.0.1:8000")),
        mail=mail(values.get("RAATI_MAIL", "var/mail")),
        secret=secret(values.get("RAATI_SECRET", ""), location),
        demo=switch(values, "RAATI_DEMO"),
        proxies=count(values, "RAATI_PROXIES"),
        weak_durability=switch(values, "RAATI_WEAK_DURABILITY"),
    )


def read_secret_file(name: str, path: str) -> str:
    """Return the text of the file that a setting names."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name}: cannot read the file {path}") from error


def parsed(name: str, address: str) -> SplitResult:
    """Return the parts of an address whose port, if any, is a number."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # read here, for it is where a wrong one is noticed
    except ValueError as error:
        raise SettingsError(f"{name}: is no address: {error}") from error
    return parts


def database_url(location: str) -> str:
    """Return the SQLAlchemy URL of a path or a postgresql:// address."""
    if location.startswith("postgresql://"):
        parsed("RAATI_DATABASE", location)
        return location
    if not location or "://" in location:
        raise SettingsError("RAATI_DATABASE: must be a path or an address that begins with postgresql://")
    return f"sqlite:///{Path(location).resolve()}"


def base_url(address: str) -> str:
    """Return the address of the pages as browsers write it; http is for this machine alone."""
    parts = parsed("RAATI_BASE_URL", address)
    host = (parts.hostname or "").lower()
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not host or extra:
        raise SettingsError("RAATI_BASE_URL: must look like https://raati.example, without a path")
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError("RAATI_BASE_URL: http is allowed on this machine only (127.0.0.1); use https")
    name = f"[{host}]" if ":" in host else host
    usual = parts.port in (None, {"http": 80, "https": 443}[parts.scheme])
    return f"{parts.scheme}://{name}" + ("" if usual else f":{parts.port}")


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def mail(target: str) -> str:
    """Return where mail goes: an smtp:// address or a folder."""
    parts = parsed("RAATI_MAIL", target)
    if not target or (parts.scheme and (parts.scheme not in ("smtp", "smtps") or not parts.hostname)):
        raise SettingsError("RAATI_MAIL: must be a folder or an address that begins with smtp:// or smtps://")
    return target


def secret(value: str, location: str) -> str:
    """Return the secret; only the default database may start without one, which is then made and kept."""
    if not value and location != DEFAULT_DATABASE:
        raise SettingsError("RAATI_SECRET: is needed with a database of your own")
    found = value or kept_secret(Path(DEFAULT_DATABASE).with_name("secret"))
    if len(found) < SHORTEST:
        raise SettingsError(f"RAATI_SECRET: must have at least {SHORTEST} signs")
    return found


def kept_secret(path: Path) -> str:
    """Return the secret that the file keeps; two processes that make it at once keep the same one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return read_secret_file("RAATI_SECRET", str(path))


def switch(values: Mapping[str, str], name: str) -> bool:
    """Return whether the setting is 1."""
    value = values.get(name, "0")
    if value not in ("0", "1", ""):
        raise SettingsError(f"{name}: must be 1 or 0")
    return value == "1"


def count(values: Mapping[str, str], name: str) -> int:
    """Return a small whole number."""
    value = values.get(name, "0")
    if not value.isdecimal() or int(value) > 9:
        raise SettingsError(f"{name}: must be a number from 0 to 9")
    return int(value)
