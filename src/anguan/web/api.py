"""The root of the JSON API; rooms hang their routers here."""

from ninja import NinjaAPI
from ninja.security import SessionAuth

from anguan.registry.api import router as registry

api = NinjaAPI(title="安关 Anguan", version="1", auth=SessionAuth(csrf=True), docs_url=None)
api.add_router("", registry)
