// A client of EcoSys' REST XML on the classes that xjc makes of its schemas, unedited, as integrations of that time are:
// isSuccessFlag() of every result first, then its rows, by their place.
//
//     java EcoSysRest http://localhost:8000 ada secret

import java.io.InputStream;
import java.io.StringReader;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Base64;
import java.util.List;
import javax.xml.bind.JAXBContext;
import javax.xml.bind.JAXBElement;
import javax.xml.transform.stream.StreamSource;
import net.ecosys.api.part.ObjectResultType;
import net.ecosys.api.part.PartRequestType;
import net.ecosys.api.part.PartResultType;
import net.ecosys.api.part.PartType;
import net.ecosys.api.validateparts.ValidatePartsResultType;

public class EcoSysRest {
    static final net.ecosys.api.part.ObjectFactory PARTS = new net.ecosys.api.part.ObjectFactory();
    static final net.ecosys.api.validateparts.ObjectFactory EVENTS = new net.ecosys.api.validateparts.ObjectFactory();
    static JAXBContext context;
    static String address, credentials;

    public static void main(String[] args) throws Exception {
        address = args[0] + "/ecosys/api/restxml/";
        credentials = Base64.getEncoder().encodeToString((args[1] + ":" + args[2]).getBytes("UTF-8"));
        context = JAXBContext.newInstance("net.ecosys.api.part:net.ecosys.api.validateparts");

        say("mixed", write(part("XJC-1", "4"), part("XJC-2", "none"), part("XJC-3", null)));
        say("all failed", write(part("XJC-2", "none")));
        PartResultType read = (PartResultType) send("GET", "Part/?PartID=XJC-1", null);
        say("read", read.isSuccessFlag() + " " + read.getPart().get(0).getUnits().getValue());
        PartResultType refused = (PartResultType) send("GET", "Part?Colour=red", null);
        say("refused", refused.isSuccessFlag() + " " + refused.getPartError());

        JAXBElement<?> nothing = EVENTS.createValidatePartsResult(EVENTS.createValidatePartsResultType());
        say("event", trigger("ValidateParts/?Like=XJC-%25", nothing));
        say("failed event", trigger("ValidateParts/", nothing));

        // The vendor's own sample of a write has no flag.
        String bare = "<PartResult xmlns='http://ecosys.net/api/Part'/>";
        say("no flag", ((PartResultType) parse(new StreamSource(new StringReader(bare)))).isSuccessFlag());
    }

    static PartType part(String id, String units) {
        PartType part = PARTS.createPartType();
        part.setPartID(id);
        if (units != null) part.setUnits(PARTS.createPartTypeUnits(units));
        return part;
    }

    static String write(PartType... parts) throws Exception {
        PartRequestType request = PARTS.createPartRequestType();
        request.getPart().addAll(List.of(parts));
        PartResultType result = (PartResultType) send("POST", "Part/", PARTS.createPartRequest(request));
        if (!result.isSuccessFlag()) throw new IllegalStateException("the import has stopped");
        StringBuilder said = new StringBuilder();
        for (int place = 0; place < parts.length; place++) {
            ObjectResultType row = result.getObjectResult().get(place);
            said.append(parts[place].getPartID()).append(' ');
            said.append(row.isSuccessFlag() ? "done; " : row.getResultMessage().get(0).getMessage() + " ");
        }
        return said.toString().trim();
    }

    static String trigger(String path, JAXBElement<?> body) throws Exception {
        ValidatePartsResultType result = (ValidatePartsResultType) send("POST", path, body);
        return result.isSuccessFlag() ? "true" : "false " + result.getValidatePartsError();
    }

    static Object send(String method, String path, JAXBElement<?> body) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL(address + path).openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty("Authorization", "Basic " + credentials);
        connection.setRequestProperty("Accept", "application/xml");
        connection.setRequestProperty("Content-Type", "application/xml");
        if (body != null) {
            connection.setDoOutput(true);
            context.createMarshaller().marshal(body, connection.getOutputStream());
        }
        boolean failed = connection.getResponseCode() >= 400;
        try (InputStream answer = failed ? connection.getErrorStream() : connection.getInputStream()) {
            return parse(new StreamSource(answer));
        }
    }

    static Object parse(StreamSource source) throws Exception {
        return ((JAXBElement<?>) context.createUnmarshaller().unmarshal(source)).getValue();
    }

    static void say(String name, Object said) {
        System.out.println(name + ": " + said);
    }
}
