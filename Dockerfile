# SPDX-License-Identifier: Apache-2.0
# The same image as that of "make image", for those who build with Docker or BuildKit:
#
#   docker build --tag registry.example.com/aetherius:0.1.0 .
#
# The list of its contents is in the first stage: docker build --target build …, /stage.spdx.json
FROM swift:6.3.1-bookworm AS build
RUN apt-get update && \
    apt-get install --yes --no-install-recommends \
      binutils ca-certificates git libcurl4-openssl-dev libssl-dev libyaml-dev pkg-config && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN scripts/image --stage /stage

FROM scratch
COPY --from=build /stage /
LABEL org.opencontainers.image.title=aetherius \
      org.opencontainers.image.licenses=Apache-2.0
USER 1000:1000
ENTRYPOINT ["/usr/local/bin/aetherius"]
