// What KDSoap's kdwsdl2cpp (Qt) makes of the WSDLs, unedited, at work: client URL USER PASSWORD API_KEY ORDER PART
// Changes a subject and a note with all else unset, reads the order, and clears its rows. Prints a line for each.

#include <QCoreApplication>
#include <QTextStream>

#include "ecosys.h"
#include "oracle.h"
#include "parts.h"

static QString url, key;

static void say(const QString &what, const QString &value)
{
    QTextStream(stdout) << what << ": " << value << "\n";
}

template <class Port> static void prepare(Port &port, const QString &path)
{
    port.setEndPoint(url + path);
    port.clientInterface()->setRawHTTPHeaders({{"Authorization", "Bearer " + key.toUtf8()}});
}

static QString updated(oracle::SalesOrdersService::SalesOrdersBinding &port, const oracle::BM__RecordType &record)
{
    oracle::BM__RecordList records;
    records.setEach_record({record});
    oracle::BM__UpdateSalesOrdersType update;
    update.setSalesOrders(records);
    auto answer = port.updateSalesOrders(update);
    return port.lastError().isEmpty() ? QString::number(answer.status().records_updated()) : port.lastError();
}

int main(int count, char **arguments)
{
    QCoreApplication application(count, arguments);
    auto given = application.arguments();
    url = given[1];
    key = given[4];

    oracle::SalesOrdersService::SalesOrdersBinding orders;
    prepare(orders, "/v2_0/receiver/salesOrders");
    oracle::BM__RecordType order;
    order.setSales_order_number(given[5]);
    order.setSubject(QString("oracle"));
    say("oracle updated", updated(orders, order));
    order.setRows(oracle::BM__RowsList());
    say("oracle updated with a list of nothing", updated(orders, order));

    oracle::BM__CriterionType criterion;
    criterion.setField("sales_order_number");
    criterion.setComparator("=");
    criterion.setValue(given[5]);
    oracle::BM__CriterionList criteria;
    criteria.setCriteria({criterion});
    oracle::BM__GetSalesOrdersType get;
    get.setSalesOrders(criteria);
    auto found = orders.getSalesOrders(get).salesOrders().each_record();
    auto rows = found[0].rows().each_row();
    say("oracle found", QString("%1 rows, %2").arg(rows.size()).arg(QString(found[0].total())));

    parts::PartsService::PartsBinding port;
    prepare(port, "/v2_0/receiver/parts");
    parts::BM__RecordType part;
    part.setPart_number(given[6]);
    part.setNotes(QString("new"));
    parts::BM__RecordList records;
    records.setEach_record({part});
    parts::BM__UpdatePartsType update;
    update.setParts(records);
    say("part updated", QString::number(port.updateParts(update).status().records_updated()));

    ecosys::SalesOrderService::SalesOrderBinding objects;
    objects.setEndPoint(url + "/ecosys/api/soap/SalesOrder");
    ecosys::API__SalesOrderOptionsType options;
    options.setUsername(given[2]);
    options.setPassword(given[3]);
    ecosys::API__SalesOrderType object;
    object.setOrderID(given[5]);
    object.setSubject(QString("new"));
    ecosys::API__SalesOrderUpdateRequestElementType change;
    change.setSalesOrderOptions(options);
    change.setSalesOrder({object});
    auto results = objects.updateSalesOrder(change).objectResult();
    say("ecosys updated", results.size() && results[0].successFlag() ? "yes" : objects.lastError());

    oracle::BM__RowsList none;
    none.setClear(true);
    order.setRows(none);
    order.setSubject(QString("new"));
    say("oracle cleared", updated(orders, order));
    return 0;
}
