from django.urls import path

from anguan.hazards.views import public

app_name = "hazards_public"
urlpatterns = [path("hazards/", public.listings, name="listings")]
