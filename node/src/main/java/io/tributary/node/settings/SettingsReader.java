package io.tributary.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds records of {@link Setting} components from a HOCON configuration. A component is a
 * setting, or a record of settings. Keys nobody declared are refused, so a typing error is never
 * silently a default.
 */
public final class SettingsReader {
  private final Config config;

  private SettingsReader(Config config) {
    this.config = config;
  }

  /**
   * @throws SettingException with one line for the operator
   */
  public static <T extends Record> T read(Class<T> type, Config config) {
    refuseUnknownKeys(type, config);
    return new SettingsReader(config).record(type);
  }

  /** Every setting of {@code type} and of the records in it, in order of declaration. */
  public static List<Setting> settingsOf(Class<? extends Record> type) {
    return components(type).map(component -> component.getAnnotation(Setting.class)).toList();
  }

  private static Stream<RecordComponent> components(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(
            component ->
                component.isAnnotationPresent(Setting.class)
                    ? Stream.of(component)
                    : components(component.getType().asSubclass(Record.class)));
  }

  private static void refuseUnknownKeys(Class<? extends Record> type, Config config) {
    Set<String> known =
        settingsOf(type).stream().map(Setting::key).collect(Collectors.toCollection(TreeSet::new));
    if (!config.hasPath("tributary")) {
      return;
    }
    for (Map.Entry<String, ?> entry : config.getConfig("tributary").entrySet()) {
      String key = "tributary." + entry.getKey();
      if (!known.contains(key)) {
        String near =
            known.stream()
                .filter(candidate -> candidate.endsWith(key.substring(key.lastIndexOf('.'))))
                .findFirst()
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("; docs/settings.md lists all");
        throw new SettingException("unknown setting " + key + near);
      }
    }
  }

  private <T extends Record> T record(Class<T> type) {
    RecordComponent[] components = type.getRecordComponents();
    List<Object> arguments = new ArrayList<>();
    List<Class<?>> types = new ArrayList<>();
    for (RecordComponent component : components) {
      Setting setting = component.getAnnotation(Setting.class);
      arguments.add(
          setting == null
              ? record(component.getType().asSubclass(Record.class))
              : value(setting, component.getGenericType()));
      types.add(component.getType());
    }
    try {
      return type.getDeclaredConstructor(types.toArray(Class[]::new))
          .newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      throw new SettingException(String.valueOf(e.getTargetException().getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is not a public settings record", e);
    }
  }

  private Object value(Setting setting, Type type) {
    @Nullable String written =
        config.hasPath(setting.key()) ? String.valueOf(config.getAnyRef(setting.key())) : null;
    String text = written != null ? written : setting.byDefault();
    boolean isOptional = type.getTypeName().startsWith(Optional.class.getName());
    if (isOptional && text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Object value = convert(text, isOptional ? innerName(type) : type.getTypeName());
      return isOptional ? Optional.of(value) : value;
    } catch (IllegalArgumentException | ConfigException e) {
      throw new SettingException(
          setting.key() + " = '" + text + "' is not allowed: " + setting.says());
    }
  }

  private static String innerName(Type optional) {
    String name = optional.getTypeName();
    return name.substring(name.indexOf('<') + 1, name.length() - 1);
  }

  private static Object convert(String text, String typeName) {
    Config one = ConfigFactory.empty().withValue("v", ConfigValueFactory.fromAnyRef(text));
    return switch (typeName) {
      case "java.lang.String" -> text;
      case "int", "java.lang.Integer" -> one.getInt("v");
      case "long", "java.lang.Long" -> one.getLong("v");
      case "boolean", "java.lang.Boolean" -> one.getBoolean("v");
      case "java.time.Duration" -> Duration.ofNanos(one.getDuration("v").toNanos());
      case "java.nio.file.Path" -> Path.of(text);
      case "io.tributary.node.settings.ByteSize" -> new ByteSize(one.getBytes("v"));
      case "io.tributary.node.settings.HostPort" -> HostPort.parse(text);
      default -> throw new IllegalStateException("no settings of type " + typeName);
    };
  }
}
