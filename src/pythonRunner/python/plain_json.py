"""JSON as it is written and read here, whatever tools do to the functions of the module `json`."""

import json

read = json.JSONDecoder().decode
write = json.JSONEncoder(ensure_ascii=False).encode
