FROM busybox AS base
ARG GREETING
RUN mkdir -p /www && echo $GREETING > /www/index.html
FROM base AS final
CMD ["httpd", "-f", "-p", "8000", "-h", "/www"]
