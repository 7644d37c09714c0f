# Standalone in a container: one process, not root, one volume.
#   docker build -t serverlessrec .
#   docker run -p 7071:7071 -v data:/data -e SERVERLESSREC_READ_KEYS=… -e SERVERLESSREC_WRITE_KEYS=… -e SERVERLESSREC_ADMIN_KEYS=… serverlessrec
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish functions/Standalone/Standalone.csproj -c Release -o /app \
    -p:PublishAot=false -p:PublishReadyToRun=true -p:SelfContained=false -r linux-x64

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
RUN mkdir /data && chown $APP_UID /data
USER $APP_UID
VOLUME /data
EXPOSE 7071
ENV SERVERLESSREC_STORE=/data \
    ASPNETCORE_URLS=http://0.0.0.0:7071 \
    SERVERLESSREC_JSON_LOGS=1
# The image has no curl; the server asks itself.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["dotnet", "ServerlessRec.Standalone.dll", "health"]
ENTRYPOINT ["dotnet", "ServerlessRec.Standalone.dll"]
