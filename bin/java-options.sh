# Sourced. How the broker and the commands run; a class cache fits only a start with the same options.
common_options=(-XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
serve_options=("${common_options[@]}" -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -Xms256m -Xmx1g -XX:MaxDirectMemorySize=640m)
cli_options=("${common_options[@]}" -XX:+UseSerialGC -Xmx256m -XX:TieredStopAtLevel=1 -Dlogback.configurationFile=logback-cli.xml)
