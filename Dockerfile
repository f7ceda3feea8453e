# syntax=docker/dockerfile:1
# The fake in a container: `docker build -t reachability-mock .`, then docs/ci.md.

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE openapi.yaml ./
COPY mockserver ./mockserver
COPY contracts ./contracts
COPY scenarios ./scenarios
RUN python -m venv /opt/reachability-mock \
    && /opt/reachability-mock/bin/pip install --no-cache-dir --constraint constraints.txt ".[proxy]" \
    && mkdir /var/lib/reachability-mock

FROM python:3.13-slim
COPY --from=build /opt/reachability-mock /opt/reachability-mock
# Certificates, once --proxy or --tls asks for them; a number, so that no user has to be made.
COPY --from=build --chown=10001:10001 /var/lib/reachability-mock /var/lib/reachability-mock
# Every option of `serve` can be set like these.
ENV PATH="/opt/reachability-mock/bin:$PATH" \
    PYTHONUNBUFFERED="1" \
    REACHABILITY_MOCK_HOST="0.0.0.0" \
    REACHABILITY_MOCK_CA_DIR="/var/lib/reachability-mock"
WORKDIR /tmp
USER 10001:10001
EXPOSE 4010
HEALTHCHECK --interval=2s --timeout=5s --start-period=10s --retries=5 \
    CMD ["reachability-mock", "wait", "--local", "--timeout", "0"]
ENTRYPOINT ["reachability-mock"]
CMD ["serve"]
