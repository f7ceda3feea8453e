import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;

/** Fetches each URL with Java's own client, which is told nothing of a proxy or a certificate. */
public class Fetch {
    public static void main(String[] urls) throws Exception {
        String zeros = "0".repeat(32);
        String login = Base64.getEncoder().encodeToString(("AC" + zeros + ":" + zeros).getBytes());
        HttpClient client = HttpClient.newHttpClient();
        for (String url : urls) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Basic " + login).build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            System.out.println(answer.statusCode() + " " + answer.body());
        }
    }
}
