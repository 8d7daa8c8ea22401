# Asks Nod to have this login approved, once for each flow plan; passes when there is a transaction.
# The plan remembers it: reloading the page or pressing "back" starts nothing more.
from datetime import datetime
from os import environ
from time import time
from uuid import uuid4

mode = "number_matching_3"


def refuse(reason):
    ak_message(reason)
    return False


plan = context.get("flow_plan")
user = plan.context.get("pending_user") if plan else None
if user is None or user.pk is None or user.pk != request.user.pk:
    return refuse("There is nobody to ask.")

nod = plan.context.get("nod")
if nod is None or nod["user"] != str(user.pk):
    nod = {"user": str(user.pk), "key": uuid4().hex, "began": time()}
    plan.context["nod"] = nod
if "tx_id" in nod:
    return True

try:
    http = request.http_request
    shown = {
        "application": getattr(plan.context.get("application"), "name", "")[:255],
        "domain": http.get_host()[:255],
        "client_ip": str(ak_client_ip),
        "user_agent": http.META.get("HTTP_USER_AGENT", "")[:512],
    }
    answer = requests.post(
        environ["NOD_URL"] + "/api/v3/authenticators/mobile/transactions/",
        json={
            "user": nod["user"],
            "item_matching_mode": mode,
            "context": {name: text for name, text in shown.items() if text.strip()},
        },
        headers={
            "Authorization": "Bearer " + environ["NOD_API_KEY"],
            "Idempotency-Key": nod["key"],
        },
        timeout=5,
        allow_redirects=False,
    )
    if answer.status_code == 404:
        return refuse("No phone is enrolled for you.")
    if answer.status_code == 429:
        return refuse("There were too many requests to your phone. Try again later.")
    if answer.status_code not in (200, 201):
        return refuse("Your phone can't be asked at the moment.")
    started = answer.json()
    tx_id, item, created = started["tx_id"], started["item"], started["created"]
    # Clocks may differ by a minute; what was created before that belongs to another login.
    if datetime.fromisoformat(created.replace("Z", "+00:00")).timestamp() < nod["began"] - 60:
        return refuse("The clocks of authentik and Nod differ.")
    if started["user"] != nod["user"] or started["item_mode"] != mode or not tx_id:
        return refuse("Nod's answer is about something else.")
    # It is shown as HTML.
    if item is not None and not (item.isascii() and item.isdigit() and len(item) <= 6):
        return refuse("Nod's answer can't be shown.")
except Exception:
    return refuse("Your phone can't be asked at the moment.")

nod.update(tx_id=tx_id, created=created)
plan.context.setdefault("prompt_data", {})["nod_number"] = item or ""
return True
