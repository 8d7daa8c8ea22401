from os import environ

return {"Authorization": "Bearer " + environ["NOD_API_KEY"]}
