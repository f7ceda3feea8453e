import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;

/**
 * Asks Twilio who is online.  It knows of no fake:
 *
 * reachability-mock run --proxy --scenario presence.yaml -- java Presence.java alice bob
 */
public class Presence {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] identities) throws Exception {
        if (identities.length == 0) {
            System.err.println("usage: java Presence.java IDENTITY...");
            System.exit(2);
        }
        for (String identity : identities) {
            String user = fetch("https://conversations.twilio.com/v1/Users/" + identity);
            String online = user.replaceAll("(?s).*\"is_online\": *(\\w+).*", "$1");
            System.out.println(identity + " " + online);
        }
    }

    private static String fetch(String url) throws Exception {
        String login = System.getenv("TWILIO_ACCOUNT_SID") + ":" + System.getenv("TWILIO_AUTH_TOKEN");
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes()))
            .build();
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }
}
