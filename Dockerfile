# The web application, the worker and beat: one image, three commands (docker-compose.yml).

FROM node:22-bookworm-slim AS front-end
WORKDIR /hearth
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
COPY config/__init__.py config/assets.py config/
RUN python3 config/assets.py

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /hearth --shell /usr/sbin/nologin hearth \
    && install --directory --owner hearth /var/lib/hearth/heads
WORKDIR /hearth
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
COPY --from=front-end /hearth/static/vendor static/vendor
ENV DJANGO_SETTINGS_MODULE=config.settings.base HEARTH_HEADS_DIR=/var/lib/hearth/heads PYTHONUNBUFFERED=1
# Collecting static files reads the settings, which want these; the running containers get their own.
RUN SECRET_KEY=unused EVENT_KEY=unused ALLOWED_HOSTS=unused DATABASE_URL=postgres://unused/unused REDIS_URL=redis://unused \
    python manage.py collectstatic --no-input -v 0
USER hearth
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
