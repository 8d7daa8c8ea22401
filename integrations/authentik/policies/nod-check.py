# Passes when the phone has approved the transaction of this very login; waits for that, 20 seconds at most.
# Whatever is not clear, does not pass.
from datetime import datetime
from os import environ
from time import time

within = 600  # seconds


def refuse(reason):
    ak_message(reason)
    return False


def refuse_for_good(reason):
    nod["refused"] = reason
    return refuse(reason)


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


# As the validation of a prompt a policy is not given the plan: it lies in the session.
plan = context.get("flow_plan") or request.http_request.session.get("authentik/flows/plan")
user = plan.context.get("pending_user") if plan else None
nod = plan.context.get("nod") if plan else None
if user is None or user.pk is None or user.pk != request.user.pk:
    return refuse("There is nobody to ask.")
if nod is None or nod["user"] != str(user.pk) or "tx_id" not in nod:
    return refuse("Your phone was not asked. Cancel, and begin again.")
if "refused" in nod:
    return refuse(nod["refused"])
if not 0 <= time() - nod["began"] <= within:
    return refuse_for_good("This took too long. Cancel, and begin again.")

try:
    answer = requests.get(
        environ["NOD_URL"] + "/api/v3/authenticators/mobile/transactions/" + nod["tx_id"] + "/?wait=20",
        headers={"Authorization": "Bearer " + environ["NOD_API_KEY"]},
        timeout=25,
        allow_redirects=False,
    )
    if answer.status_code != 200:
        return refuse("Nod can't be asked at the moment. Try again.")
    seen = answer.json()
    if seen["status"] == "wait":
        return refuse("Your phone has not answered yet. Answer there, then continue here.")
    if seen["status"] != "accept":
        return refuse_for_good("This was not approved. Cancel, and begin again.")
    took = seconds(seen["decided"]) - seconds(seen["created"])
    if (
        seen["tx_id"] != nod["tx_id"]
        or seen["user"] != nod["user"]
        or seconds(seen["created"]) != seconds(nod["created"])
        # Clocks may differ by a minute.
        or seconds(seen["created"]) < nod["began"] - 60
        or not 0 <= took <= within
    ):
        return refuse_for_good("The approval belongs to another login. Cancel, and begin again.")
except Exception:
    return refuse("Nod can't be asked at the moment. Try again.")

nod["accepted"] = time()
return True
