# Passes when nod-check has seen the approval of this login, of this user, a short while ago.
from time import time

within = 600  # seconds

plan = context.get("flow_plan")
user = plan.context.get("pending_user") if plan else None
nod = plan.context.get("nod") if plan else None
if user is None or user.pk is None or user.pk != request.user.pk:
    return False
if nod is None or nod["user"] != str(user.pk) or "refused" in nod:
    return False
return "accepted" in nod and 0 <= time() - nod["began"] <= within
