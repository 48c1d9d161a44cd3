"""The root of the JSON API; rooms hang their routers here."""

from ninja import NinjaAPI
from ninja.security import SessionAuth

api = NinjaAPI(title="安关 Anguan", version="1", auth=SessionAuth(csrf=True), docs_url=None)
