# What Nod is told of a deleted user: the pk of the model that the event is about. The event's own user is
# whoever deleted it.
return {"user": str(notification.event.context["model"]["pk"])}
