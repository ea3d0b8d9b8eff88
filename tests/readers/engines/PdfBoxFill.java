import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Scanner;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDCheckBox;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;
import org.apache.pdfbox.pdmodel.interactive.form.PDTextField;

/**
 * Fills a form with PDFBox. Arguments: source, target. Standard input: one line per entry,
 * "text" or "check", the name, and the value, the last two in base64 (the JDK reads no JSON).
 */
public final class PdfBoxFill {
    public static void main(String[] arguments) throws IOException {
        try (PDDocument document = PDDocument.load(new File(arguments[0]));
                Scanner orders = new Scanner(System.in, StandardCharsets.UTF_8)) {
            PDAcroForm form = document.getDocumentCatalog().getAcroForm();
            List<String> unknown = new ArrayList<>();
            while (orders.hasNextLine()) {
                String[] order = orders.nextLine().split(" ", -1);
                PDField field = form.getField(decode(order[1]));
                if (field == null) {
                    unknown.add(decode(order[1]));
                } else if (order[0].equals("check")) {
                    ((PDCheckBox) field).check();
                } else {
                    enter((PDTextField) field, decode(order[2]));
                }
            }
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException("no such field: " + String.join(", ", unknown));
            }
            document.save(arguments[1]);
        }
    }

    private static void enter(PDTextField field, String value) throws IOException {
        try {
            field.setValue(value);
        } catch (IllegalArgumentException noGlyph) {
            // PDFBox refuses characters that the font lacks, after it has stored the value; say so and go on
            field.getCOSObject().setString(COSName.V, value);
            System.out.println(field.getFullyQualifiedName() + ": " + noGlyph.getMessage());
        }
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
