package io.pipely.example.standalone;

import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.content.HttpContent;
import org.eclipse.jetty.http.content.ResourceHttpContentFactory;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ResourceService;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;

/**
 * The files in the folder {@code pages} of the classpath, {@code index.html} for the folder itself;
 * a path that is none of them is left to others. A browser is told to load nothing from elsewhere,
 * and to ask each time whether the file that it has is still the same.
 */
final class Pages extends ResourceHandler {

  private static final String FOLDER = "pages/";
  private static final List<HttpField> HEADERS =
      List.of(
          new HttpField("Content-Security-Policy", "default-src 'self'"),
          new HttpField("Referrer-Policy", "no-referrer"),
          new HttpField("X-Content-Type-Options", "nosniff"));

  private final ConcurrentMap<URI, TaggedContent> known = new ConcurrentHashMap<>();

  Pages() {
    setBaseResource(ResourceFactory.of(this).newClassLoaderResource(FOLDER));
    setCacheControl("no-cache");
    setDirAllowed(false);
    setEtags(true);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      return false;
    }
    HttpFields.Mutable headers = response.getHeaders();
    HEADERS.forEach(headers::put);
    boolean isPage = super.handle(request, response, callback);
    if (!isPage) { // Then headers are for somebody else to set.
      HEADERS.forEach(header -> headers.remove(header.getName()));
    }
    return isPage;
  }

  /** Without Jetty's formats and style sheets of its own: there is what is in the folder. */
  @Override
  protected HttpContent.Factory newHttpContentFactory(ByteBufferPool.Sized buffers) {
    HttpContent.Factory files =
        new ResourceHttpContentFactory(getBaseResource(), getMimeTypes(), buffers);
    return path -> {
      HttpContent content = files.getContent(path);
      return content == null || content.getResource().isDirectory()
          ? content
          : known.computeIfAbsent(content.getResource().getURI(), uri -> TaggedContent.of(content));
    };
  }

  @Override
  protected ResourceService newResourceService() {
    return new ResourceService() {
      /** To Jetty "not modified" is an error, with the headers of one: they end the caching. */
      @Override
      protected void writeHttpError(
          Request request, Response response, Callback callback, int status) {
        if (status == HttpStatus.NOT_MODIFIED_304) {
          response.setStatus(status);
          callback.succeeded();
        } else {
          super.writeHttpError(request, response, callback, status);
        }
      }
    };
  }
}
