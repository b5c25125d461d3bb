# The web application, the worker and beat: one image, three commands (docker-compose.yml). What it installs is what `make
# run` installs, without what only tests and the embedded servers need. Nothing in it can be written by the user it runs as.

FROM node:22.21.1-bookworm-slim AS front-end
WORKDIR /hearth
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
COPY config/__init__.py config/assets.py config/
RUN python3 config/assets.py

FROM python:3.11.14-slim-bookworm AS packages
COPY requirements-production.lock ./
RUN python -m venv /opt/hearth \
    && /opt/hearth/bin/pip install --no-cache-dir --require-hashes -r requirements-production.lock

FROM python:3.11.14-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-dejavu-core \
        fonts-noto-core fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 hearth \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin hearth \
    && install --directory --owner hearth --group hearth /var/lib/hearth/heads
WORKDIR /hearth
ENV PATH=/opt/hearth/bin:$PATH DJANGO_SETTINGS_MODULE=config.settings.base HEARTH_HEADS_DIR=/var/lib/hearth/heads \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=packages /opt/hearth /opt/hearth
COPY . .
COPY --from=front-end /hearth/static/vendor static/vendor
# Collecting static files reads the settings, which want these; the running containers get their own.
RUN SECRET_KEY=unused EVENT_KEY=unused ALLOWED_HOSTS=unused DATABASE_URL=postgres://unused/unused REDIS_URL=redis://unused \
    EMAIL_URL=smtp://unused \
    python manage.py collectstatic --no-input -v 0 \
    && python -m compileall -q accounts approvals casework children config exchange placements tracking visits
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000", "--workers", "4"]
