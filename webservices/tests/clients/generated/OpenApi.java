// What openapi-generator (java, library native) makes of REST's document, unedited: java OpenApi URL USER PASSWORD KEY
// Changes one field of three records that are there: alone by patch and by put, then in a batch. Prints what was answered.

import java.util.Base64;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.CustomersApi;
import org.openapitools.client.api.PartsApi;
import org.openapitools.client.api.SalesOrdersApi;
import org.openapitools.client.model.BatchVerb;
import org.openapitools.client.model.CustomerBatch;
import org.openapitools.client.model.CustomerInput;
import org.openapitools.client.model.PartBatch;
import org.openapitools.client.model.PartInput;
import org.openapitools.client.model.SalesOrderBatch;
import org.openapitools.client.model.SalesOrderInput;

public class OpenApi {
    public static void main(String[] arguments) throws Exception {
        var client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        var token = Base64.getEncoder().encodeToString((arguments[1] + ":" + arguments[2]).getBytes("UTF-8"));
        client.setRequestInterceptor(request -> request.header("Authorization", "Basic " + token));
        parts(new PartsApi(client), arguments[3]);
        customers(new CustomersApi(client), arguments[3]);
        salesOrders(new SalesOrdersApi(client), arguments[3]);
    }

    static void parts(PartsApi parts, String key) throws Exception {
        show("parts patch", parts.updatePart(key, new PartInput().notes("by patch"), null, null).getNotes());
        show("parts put", parts.putPart(key, new PartInput().notes("by put"), null, null).getNotes());
        var batch = new PartBatch().verb(BatchVerb.UPDATE);
        batch.addRecordsItem(new PartInput().number(key).notes("by batch"));
        var outcome = parts.batchParts(batch, null, null, null, null).getOutcomes().get(0);
        show("parts batch", outcome.getBecame());
    }

    static void customers(CustomersApi customers, String key) throws Exception {
        show("customers patch", customers.updateCustomer(key, new CustomerInput().notes("by patch"), null, null).getNotes());
        show("customers put", customers.putCustomer(key, new CustomerInput().notes("by put"), null, null).getNotes());
        var batch = new CustomerBatch().verb(BatchVerb.UPDATE);
        batch.addRecordsItem(new CustomerInput().number(key).notes("by batch"));
        var outcome = customers.batchCustomers(batch, null, null, null, null).getOutcomes().get(0);
        show("customers batch", outcome.getBecame());
    }

    static void salesOrders(SalesOrdersApi orders, String key) throws Exception {
        var patch = new SalesOrderInput().subject("by patch");
        var put = new SalesOrderInput().subject("by put");
        show("sales_orders patch", orders.updateSalesOrder(key, patch, null, null, null).getSubject());
        show("sales_orders put", orders.putSalesOrder(key, put, null, null, null, null).getSubject());
        var batch = new SalesOrderBatch().verb(BatchVerb.UPDATE);
        batch.addRecordsItem(new SalesOrderInput().number(key).subject("by batch"));
        var outcome = orders.batchSalesOrders(batch, null, null, null, null, null, null).getOutcomes().get(0);
        show("sales_orders batch", outcome.getBecame());
    }

    static void show(String step, Object answer) {
        System.out.println(step + ": " + answer);
    }
}
