package io.pipely.example.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The code that the README shows compiles as it stands. */
class ReadmeSnippetsTest {

  private static final Pattern SNIPPET = Pattern.compile("(?s)```java\\n(.*?)```");
  private static final Pattern CLASS = Pattern.compile("(?m)^class (\\w+)");

  @TempDir Path classes;

  @Test
  void theReadmeShowsEachWayOfUse() throws Exception {
    assertEquals(5, snippets().size());
  }

  @TestFactory
  Stream<DynamicTest> everySnippetCompiles() throws Exception {
    return snippets().stream()
        .map(code -> DynamicTest.dynamicTest(name(code), () -> compile(code)));
  }

  private void compile(String code) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    boolean isGood =
        compiler.getTask(messages, null, null, options, null, List.of(source(code))).call();
    assertTrue(isGood, messages::toString);
  }

  private static JavaFileObject source(String code) {
    URI uri = URI.create("string:///" + name(code) + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return code;
      }
    };
  }

  private static String name(String code) {
    Matcher matcher = CLASS.matcher(code);
    assertTrue(matcher.find(), code);
    return matcher.group(1);
  }

  private static List<String> snippets() throws Exception {
    String readme = Files.readString(Path.of("..", "..", "README.md"));
    return SNIPPET.matcher(readme).results().map(snippet -> snippet.group(1)).toList();
  }
}
