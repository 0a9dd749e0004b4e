"""What the web server runs: the site, once all is built which the first requests would have waited for.

Another server may run portal.wsgi: then first visitors wait.
"""

from portal.warming import warm
from portal.wsgi import application

__all__ = ["application"]

warm(application)
