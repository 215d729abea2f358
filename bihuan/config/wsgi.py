"""The application that gunicorn serves."""

import os

from bihuan.web.starting import ready_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
application = ready_application()
